"""One function per message: message and store -> reply. No other input or output.

`incoming` opens the frame and picks the function; `desk` is what they share.
"""
