using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

public sealed class WaitGraphTests
{
    private readonly Dictionary<int, int> _threads = [];
    private readonly WaitGraph _graph;

    public WaitGraphTests() => _graph = new WaitGraph(pid => _threads.GetValueOrDefault(pid, 1));

    [Fact]
    public void Two_that_wait_for_each_other_are_a_certain_circle()
    {
        Wait(1, Held(2));
        Wait(2, Held(1));
        Wait(3, Held(1)); // stuck as well, but nobody waits for it
        Wait(4, Held(9)); // who goes on
        WaitCircle circle = Assert.Single(_graph.FindCircles());
        Assert.Equal([1, 2], circle.Processes);
        Assert.Equal([1, 2], circle.Waits.Select(wait => wait.ProcessId));
        Assert.Equal(WaitDoubts.None, circle.Doubts);
        Assert.True(circle.IsLikely);
    }

    [Fact]
    public void Long_circles_are_found_and_long_chains_without_one_are_none()
    {
        const int length = 20_000;
        for (int pid = 1; pid < length; pid++)
        {
            Wait(pid, Held(pid + 1));
        }

        Assert.Empty(_graph.FindCircles());
        Wait(length, Held(1));
        Assert.Equal(length, Assert.Single(_graph.FindCircles()).Processes.Count);
    }

    [Fact]
    public void All_holders_of_a_lock_must_wait()
    {
        Wait(1, Held(2, 3)); // a flock that 2 has inherited to 3
        Wait(2, Held(1));
        WaitCircle circle = Assert.Single(_graph.FindCircles());
        Assert.Equal((WaitDoubts.FreeHolders, false), (circle.Doubts, circle.IsLikely));
        Wait(3, Held(1));
        circle = Assert.Single(_graph.FindCircles());
        Assert.Equal(WaitDoubts.None, circle.Doubts);
        Assert.Equal([1, 2, 3], circle.Processes);
    }

    [Fact]
    public void Threads_and_hidden_holders_leave_it_likely()
    {
        _threads[2] = 5;
        Wait(1, Held(2));
        Wait(2, Held(1));
        WaitCircle circle = Assert.Single(_graph.FindCircles());
        Assert.Equal((WaitDoubts.OtherThreads, true), (circle.Doubts, circle.IsLikely));

        Wait(11, Holders(isComplete: false, false, 12));
        Wait(12, Held(11));
        Assert.Equal([WaitDoubts.OtherThreads, WaitDoubts.HiddenHolders], _graph.FindCircles().Select(one => one.Doubts));
    }

    [Fact]
    public void Whoever_waits_for_himself_needs_another_thread()
    {
        Wait(1, Held(1));
        WaitCircle circle = Assert.Single(_graph.FindCircles());
        Assert.Equal([1], circle.Processes);
        Assert.Equal(WaitDoubts.None, circle.Doubts);
        _threads[1] = 2;
        Assert.Empty(_graph.FindCircles());
    }

    [Fact]
    public void Semaphores_are_possible_at_most_and_time_limits_too()
    {
        Wait(1, Holders(true, hasCandidates: true, 2));
        Wait(2, Held(1));
        Assert.Equal(WaitDoubts.Candidates, Assert.Single(_graph.FindCircles()).Doubts);

        _graph.AddWait(11, Held(12), hasTimeLimit: true);
        Wait(12, Held(11));
        Assert.Equal([WaitDoubts.Candidates, WaitDoubts.TimeLimits], _graph.FindCircles().Select(one => one.Doubts));
        Assert.DoesNotContain(_graph.FindCircles(), one => one.IsLikely);
    }

    [Fact]
    public void Of_those_who_may_post_a_semaphore_one_that_does_not_wait_is_enough()
    {
        Wait(1, Holders(true, hasCandidates: true, 2, 3));
        Wait(2, Holders(true, hasCandidates: true, 1, 3));
        Assert.Empty(_graph.FindCircles()); // workers, and 3 which gives them work
        Wait(3, Held(1));
        Assert.Equal([1, 2, 3], Assert.Single(_graph.FindCircles()).Processes);

        // A worker that took the last of a semaphore and waits for more does not wait for itself.
        Wait(7, Holders(true, hasCandidates: true, 7));
        Assert.Single(_graph.FindCircles());
    }

    [Fact]
    public void A_certain_circle_is_told_apart_from_the_doubtful_one_around_it()
    {
        Wait(1, Held(2));
        Wait(2, Held(1));
        Wait(2, Holders(true, hasCandidates: true, 3));
        Wait(3, Held(1));
        IReadOnlyList<WaitCircle> circles = _graph.FindCircles();
        Assert.Equal([WaitDoubts.None, WaitDoubts.Candidates], circles.Select(one => one.Doubts));
        Assert.Equal([1, 2], circles[0].Processes);
        Assert.Equal([1, 2, 3], circles[1].Processes);
    }

    [Fact]
    public void What_nobody_has_makes_no_circle()
    {
        Wait(1, Held());
        Wait(2, Held(1));
        Assert.Empty(_graph.FindCircles());
    }

    private void Wait(int pid, WaitResource resource) => _graph.AddWait(pid, resource);

    private WaitResource Held(params int[] holders) => Holders(true, false, holders);

    private WaitResource Holders(bool isComplete, bool hasCandidates, params int[] holders)
    {
        WaitResource resource = _graph.Add("it", isComplete, hasCandidates);
        foreach (int holder in holders)
        {
            WaitGraph.AddHolder(resource, holder);
        }

        return resource;
    }
}
