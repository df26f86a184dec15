"""What every HTTP interface of Shensu has in common."""
