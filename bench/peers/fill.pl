# Makes what the inventory is to list, and answers 0: "objects N" as many System V queues, segments and semaphore sets in all,
# "processes N" processes with ten pipes each. The objects go with the namespace, the processes with this one.
use strict;
use warnings;
use IPC::SysV qw(IPC_PRIVATE IPC_CREAT IPC_RMID);

my (@queues, @segments, @sets, @children);
$| = 1;
for my $limit (['shmmni', 32768], ['msgmni', 32000]) {
    open my $file, '>', "/proc/sys/kernel/$limit->[0]" or next;
    print $file $limit->[1];
}
pipe my $wait, my $end;
print "ready\n";
while (my $line = <STDIN>) {
    my ($word, $count) = split ' ', $line;
    if ($word eq 'objects') {
        for (1 .. $count) {
            push @queues, msgget(IPC_PRIVATE, IPC_CREAT | 0600) // die "error msgget: $!\n";
            push @segments, shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) // die "error shmget: $!\n";
            push @sets, semget(IPC_PRIVATE, 1, IPC_CREAT | 0600) // die "error semget: $!\n";
        }
    } elsif ($word eq 'processes') {
        pipe my $made, my $done;
        for (1 .. $count) {
            my $child = fork // die "error fork: $!\n";
            if (!$child) {
                close $end;
                my @held = map { pipe my $read, my $write; ($read, $write) } 1 .. 10;
                syswrite $done, 'x';
                sysread $wait, my $byte, 1;
                exit 0;
            }
            push @children, $child;
        }
        for (1 .. $count) { sysread $made, my $byte, 1 }
    }
    print "0\n";
}
msgctl($_, IPC_RMID, 0) for @queues;
shmctl($_, IPC_RMID, 0) for @segments;
semctl($_, 0, IPC_RMID, 0) for @sets;
close $end;
waitpid $_, 0 for @children;
