# Makes System V objects by Perl's own calls, many of each, and takes them away when its input ends.
#   perl ipcpeer.pl COUNT [PAUSES]    says "sysv QUEUE SEGMENT SET" of each, then "ready"
#   perl ipcpeer.pl churn             makes and removes objects, of all three kinds, until its input ends
use strict;
use warnings;
use IPC::SysV qw(IPC_PRIVATE IPC_CREAT IPC_RMID SETALL S_IRUSR S_IWUSR IPC_NOWAIT);
use IO::Select;

my ($what) = @ARGV;
my (@queues, @segments, @sets);
$| = 1;

sub make {
    my ($i) = @_;
    push @queues, msgget(IPC_PRIVATE, IPC_CREAT | 0600) // die "msgget: $!";
    msgsnd($queues[-1], pack('l! a*', 1 + $i, 'x' x ($i % 50)), IPC_NOWAIT) or die "msgsnd: $!" for 1 .. $i % 3;
    push @segments, shmget(IPC_PRIVATE, 4096 * (1 + $i % 7), IPC_CREAT | 0600) // die "shmget: $!";
    push @sets, semget(IPC_PRIVATE, 1 + $i % 3, IPC_CREAT | 0600) // die "semget: $!";
    semctl($sets[-1], 0, SETALL, pack('s!*', map { $i + $_ } 0 .. $i % 3)) or die "semctl: $!";
}

sub take_away {
    msgctl($_, IPC_RMID, 0) for splice @queues;
    shmctl($_, IPC_RMID, 0) for splice @segments;
    semctl($_, 0, IPC_RMID, 0) for splice @sets;
}

END { my $status = $?; take_away(); $? = $status }

if ($what eq 'churn') {
    my $input = IO::Select->new(\*STDIN);
    my $round = 0;
    print "ready\n";
    until ($input->can_read(0)) {
        make($_) for 1 .. 20;
        take_away();
        $round++;
    }
    print "$round rounds\n";
} else {
    make($_) for 0 .. $what - 1;
    print "sysv $queues[$_] $segments[$_] $sets[$_]\n" for 0 .. $#queues;
    print "ready\n";
    1 while <STDIN>;
}
