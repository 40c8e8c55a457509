"""Every query, one file per noun. Functions take an open Session and never commit."""
