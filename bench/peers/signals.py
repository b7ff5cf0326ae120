"""The Python peer of the section "signals": kill and sigwaitinfo. Python has no sigqueue, and does not tell the value."""
import os
import signal
import sys
import time

SIGNAL, BATCH = 40, 1000


def own(batches):
    me = os.getpid()
    wanted = {SIGNAL}
    start = time.perf_counter_ns()
    for _ in range(batches):
        for _ in range(BATCH):
            os.kill(me, SIGNAL)
        for _ in range(BATCH):
            signal.sigwaitinfo(wanted)
    return time.perf_counter_ns() - start


signal.pthread_sigmask(signal.SIG_BLOCK, {SIGNAL})
print("ready", flush=True)
for line in sys.stdin:
    word, *arguments = line.split()
    print(own(int(arguments[0])) if word == "self" else f"error {word}: not known here", flush=True)
