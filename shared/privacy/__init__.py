"""Personal data: sealed, indexed blindly, masked."""
