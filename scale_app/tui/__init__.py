"""What the stallholder sees and presses: draws snapshots, sends keys, decides nothing."""

import os

# Textual gathers what it draws within one period of this rate, 60 a second unless told. A key that
# falls behind a redraw of the weight waits for the next period: key to frame p99 was 17 ms at 60
# and is 9 ms at 120, with the weight redrawn ten times a second. Read when Textual is imported.
os.environ.setdefault("TEXTUAL_FPS", "120")
