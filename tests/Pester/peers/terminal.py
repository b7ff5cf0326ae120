# A pwsh in a terminal of its own, to which is done what people do to one: typed into, resized, Ctrl-C, Ctrl-Z, kill.
# Usage: terminal.py PWSH MODULE. Prints one line for each check; the exit status is 1 when one failed.
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

PWSH, MODULE = sys.argv[1:3]
PATIENCE = 60  # a hang guard, no expectation of speed


class Shell:
    def __init__(self):
        self.text = ""
        self.count = 0
        tell, told = os.pipe()
        self.leader, self.terminal = pty.fork()
        if self.leader == 0:
            self.lead(told)
        self.pid = int(os.read(tell, 20))
        os.close(tell)
        os.close(told)
        self.resize(100)
        self.expect("upand")

    @staticmethod
    def lead(told):
        """The session's leader, as a login shell is: a group without one in its session could not be stopped."""
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(0, os.getpid())
            os.write(told, b"%d" % os.getpid())
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTOU, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            os.environ.update(TERM="xterm", NO_COLOR="1", POWERSHELL_TELEMETRY_OPTOUT="1", POWERSHELL_UPDATECHECK="Off")
            os.execvp(PWSH, [PWSH, "-NoProfile", "-NoLogo", "-NoExit", "-Command", "Remove-Module PSReadLine -ErrorAction Ignore; function prompt { '>' }; Import-Module '%s'; 'up' + 'and'" % MODULE])
        status = os.waitpid(pid, 0)[1]
        os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))

    def resize(self, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))

    def write(self, data):
        os.write(self.terminal, data)

    def read(self, seconds):
        if select.select([self.terminal], [], [], seconds)[0]:
            try:
                data = os.read(self.terminal, 65536).decode("utf-8", "replace")
            except OSError:
                data = ""
            # The console asks where its cursor is.
            for _ in range(data.count("\x1b[6n")):
                self.write(b"\x1b[1;1R")
            self.text += data
            return bool(data)
        return False

    def expect(self, pattern):
        limit = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text):
            if time.monotonic() > limit:
                raise SystemExit("never came: %s, but %s" % (pattern, ascii(self.text[-500:])))
            self.read(0.2)
        self.text = self.text[re.search(pattern, self.text).end():]

    def run(self, command):
        """Types a command and waits until it is done: a mark that it prints, in two parts so that the echo is not taken for it."""
        self.count += 1
        self.write(("%s; 'do' + 'ne%d'\r" % (command, self.count)).encode())
        self.expect("done%d" % self.count)

    def state(self):
        with open("/proc/%d/stat" % self.pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0]

    def dispositions(self):
        with open("/proc/%d/status" % self.pid) as file:
            text = file.read()
        return int(re.search("SigCgt:\t(.*)", text).group(1), 16), int(re.search("SigIgn:\t(.*)", text).group(1), 16)

    def until(self, condition, what):
        limit = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > limit:
                raise SystemExit("never: " + what)
            self.read(0.02)


def check(shell, phase, blocking=None):
    # SIGWINCH: the console hears of its new size.
    for columns in (90, 101):
        shell.resize(columns)
        shell.run("while ([Console]::WindowWidth -ne %d) { Start-Sleep -Milliseconds 10 }" % columns)
    print(phase, "SIGWINCH")
    # SIGCHLD: without it, nobody would hear that these have ended.
    shell.run("Start-Process true -Wait; sh -c 'exit 3'; $p = Start-Process false -PassThru; $p.WaitForExit(); while (\"$LASTEXITCODE $($p.ExitCode)\" -ne '3 1') { }")
    print(phase, "SIGCHLD")
    # SIGINT: Ctrl-C ends what runs, and the shell goes on.
    shell.write(b"'run' + 'ning'; Start-Sleep 1000; 'not' + 'reached'\r")
    shell.expect("running")
    time_limit = time.monotonic() + PATIENCE
    while True:
        # Once more if it came before the sleep had begun.
        shell.write(b"\x03")
        shell.read(0.5)
        if ">" in shell.text or time.monotonic() > time_limit:
            break
    if "notreached" in shell.text:
        raise SystemExit("Ctrl-C did not end it")
    shell.run("1")
    print(phase, "SIGINT")
    # SIGTSTP: the shell stops, and goes on.
    os.kill(shell.pid, signal.SIGTSTP)
    shell.until(lambda: shell.state() == "T", "it stops")
    os.kill(shell.pid, signal.SIGCONT)
    shell.until(lambda: shell.state() != "T", "it goes on")
    shell.run("2")
    print(phase, "SIGTSTP")


def end(shell, phase):
    os.kill(shell.pid, signal.SIGTERM)
    limit = time.monotonic() + PATIENCE
    while True:
        shell.read(0.02)
        pid, status = os.waitpid(shell.leader, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > limit:
            raise SystemExit(phase + ": SIGTERM did not end it")
    print(phase, "SIGTERM", os.WEXITSTATUS(status))


shell = Shell()
shell.run("Start-Process true -Wait")
before = shell.dispositions()
check(shell, "before")
end(shell, "before")

shell = Shell()
shell.run("Register-SignalEvent USR1, HUP, RTMIN+3 -SourceIdentifier s")
check(shell, "during")
shell.write(b"Send-Signal $PID USR1; 'came ' + (Wait-Event s -Timeout 60).SourceEventArgs.Signal\r")
shell.expect("came SIGUSR1")
# Ctrl-C ends Wait-Signal.
shell.write(b"'wait' + 'ing'; Wait-Signal USR2; 'not' + 'reached'\r")
shell.expect("waiting")
shell.until(lambda: shell.dispositions()[0] & 1 << 11, "it waits")
shell.write(b"\x03")
shell.until(lambda: not shell.dispositions()[0] & 1 << 11, "Ctrl-C ends it")
shell.run("3")
print("during Wait-Signal")
end(shell, "during")

shell = Shell()
shell.run("Start-Process true -Wait")
shell.run("Register-SignalEvent USR1, HUP, RTMIN+3 -SourceIdentifier s; Unregister-Event s; Wait-Signal USR2 -Timeout 0 -ErrorAction Ignore")
after = shell.dispositions()
wake = before[0] ^ after[0]  # the signal that ends our own waits is installed once, and does nothing
if wake & (wake - 1) or wake < 1 << 34 or before[1] != after[1]:
    raise SystemExit("dispositions before %x %x, after %x %x" % (before + after))
print("after dispositions")
check(shell, "after")
end(shell, "after")
