#!/usr/bin/env python3
"""interrupt.py SIGNAL MILLISECONDS PROGRAM ARGUMENT...: starts the program, sends it the signal
after that time, and ends with its exit code (128 + number when a signal ended it)."""
import signal
import subprocess
import sys

process = subprocess.Popen(sys.argv[3:])
try:
    code = process.wait(int(sys.argv[2]) / 1000)
except subprocess.TimeoutExpired:
    process.send_signal(getattr(signal, "SIG" + sys.argv[1]))
    code = process.wait(60)
sys.exit(code if code >= 0 else 128 - code)
