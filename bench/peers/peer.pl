# The Perl peer of the benchmarks: Perl's built-in msgsnd and msgrcv.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

$| = 1;
my @payload = map { 'x' x 64 } 1 .. 1000;

sub sysv {
    my ($id, $batches, $size) = @_;
    my $buffer;
    for (1 .. $batches) {
        for my $text (@payload[0 .. $size - 1]) {
            msgsnd($id, pack('l! a*', 1, $text), 0) or die "msgsnd: $!";
        }
        for (1 .. $size) {
            defined msgrcv($id, $buffer, 8192, 0, 0) or die "msgrcv: $!";
        }
    }
}

print "ready\n";
while (my $line = <STDIN>) {
    my ($word, @arguments) = split ' ', $line;
    if ($word ne 'sysv') {
        print "error $word: not known here\n";
        next;
    }
    my $start = clock_gettime(CLOCK_MONOTONIC);
    eval { sysv(@arguments); 1 } or do { print "error $@"; next };
    printf "%.0f\n", (clock_gettime(CLOCK_MONOTONIC) - $start) * 1e9;
}
