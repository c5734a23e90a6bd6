"""Commands of `scale-app`: argparse only, so that the till's start stays quick.

`main` parses and dispatches; a command lives in the module of its name. stdout is for what was
asked, stderr for talk.
"""
