"""The Python peer of the benchmarks: the sysv_ipc module, in the loop that its users write."""
import sys
import time

import sysv_ipc

PAYLOAD = ["x" * 64 for _ in range(1000)]


def sysv(batches, size, key):
    queue = sysv_ipc.MessageQueue(key, max_message_size=8192)  # the module opens by key only
    payload = PAYLOAD[:size]
    start = time.perf_counter_ns()
    for _ in range(batches):
        for text in payload:
            queue.send(text, type=1)
        for _ in payload:
            queue.receive()
    return time.perf_counter_ns() - start


print("ready", flush=True)
for line in sys.stdin:
    word, *arguments = line.split()
    if word != "sysv":
        print(f"error {word}: not known here", flush=True)
        continue
    try:
        print(sysv(*map(int, arguments[1:])), flush=True)
    except (OSError, sysv_ipc.Error) as failure:
        print(f"error {failure}", flush=True)
