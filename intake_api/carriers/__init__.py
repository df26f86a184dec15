"""What carriers do over REST: read their feed and cases, reply, push scans."""
