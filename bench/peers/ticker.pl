# Who wakes the contenders of the section "wait": at each byte that comes by one FIFO it waits until all are asleep, and then writes the
# time of the monotonic clock, in nanoseconds, into the other.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime usleep CLOCK_MONOTONIC);

my ($there, $back) = @ARGV;
open(my $in, '+<', $there) or die "error $there: $!\n";
open(my $out, '+<', $back) or die "error $back: $!\n";
$| = 1;
print "ready\n";
my $ears = '';
vec($ears, fileno($in), 1) = 1;
vec($ears, fileno(STDIN), 1) = 1;
while (select(my $ready = $ears, undef, undef, undef)) {
    last if vec($ready, fileno(STDIN), 1);
    sysread($in, my $byte, 1);
    usleep(20_000);
    syswrite($out, sprintf("%.0f\n", clock_gettime(CLOCK_MONOTONIC) * 1e9));
}
