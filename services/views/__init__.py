"""What each audience reads: clients, desks, carriers, hotlines."""
