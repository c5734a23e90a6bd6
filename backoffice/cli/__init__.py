"""The command line, a noun a file. stdout is for data, stderr for talk."""
