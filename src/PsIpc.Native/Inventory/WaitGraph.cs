using System;
using System.Collections.Generic;

namespace PsIpc.Native.Inventory;

/// <summary>Why processes that wait for one another in a circle might go on all the same.</summary>
[Flags]
public enum WaitDoubts
{
    /// <summary>They will not: nothing but a signal, or an end by force, gets them out.</summary>
    None = 0,

    /// <summary>A process of the circle has other threads, which may give back what it has.</summary>
    OtherThreads = 1,

    /// <summary>Not all could be seen who have what is waited for.</summary>
    HiddenHolders = 2,

    /// <summary>Somebody outside of the circle has it as well, and may give it back.</summary>
    FreeHolders = 4,

    /// <summary>The kernel does not record who has it; the circle goes through one who may: who used it last, or has it open.</summary>
    Candidates = 8,

    /// <summary>A wait of the circle ends by itself after some time.</summary>
    TimeLimits = 16,
}

/// <summary>Something that processes wait for, and those who may give it.</summary>
public sealed class WaitResource
{
    internal WaitResource(object subject, bool isComplete, bool isCandidate) =>
        (Subject, IsComplete, HasCandidates) = (subject, isComplete, isCandidate);

    /// <summary>What it is, for who made it: a lock, a semaphore, the end of a child.</summary>
    public object Subject { get; }

    /// <summary>Who has it. Each of them may give it back, so that it will never come when all of them wait.</summary>
    public IReadOnlyCollection<int> Holders => HolderSet;

    /// <summary>Whether those are all there are.</summary>
    public bool IsComplete { get; }

    /// <summary>Whether they only may have it.</summary>
    public bool HasCandidates { get; }

    internal SortedSet<int> HolderSet { get; } = [];
}

/// <summary>Processes that wait for one another in a circle.</summary>
/// <param name="Processes">Their pids, ascending.</param>
/// <param name="Waits">What each of them waits for, as far as it is in the circle.</param>
/// <param name="Doubts">Why they might go on all the same.</param>
public sealed record WaitCircle(IReadOnlyList<int> Processes, IReadOnlyList<(int ProcessId, WaitResource Resource)> Waits, WaitDoubts Doubts)
{
    /// <summary>Whether it goes through nothing but what the kernel records, and nobody outside of it is seen to have what it waits for.</summary>
    public bool IsLikely => (Doubts & ~(WaitDoubts.OtherThreads | WaitDoubts.HiddenHolders)) == 0;
}

/// <summary>
/// Who waits for what, and who has it; and who therefore waits for ever. What is waited for comes when any of its holders gives it, so
/// that all of them must be stuck; and a process waits in one thread most often: one stuck wait is enough. From all processes
/// those are taken away, again and again, that may go on; what remains is stuck, and has circles in it. Three times: with no doubt
/// allowed, with those that seldom matter, and with all. See deadlock in AND-OR graphs; fcntl_locking(2) has the kernel's own, simpler way.
/// </summary>
public sealed class WaitGraph
{
    private const WaitDoubts Seldom = WaitDoubts.OtherThreads | WaitDoubts.HiddenHolders;
    private const WaitDoubts All = Seldom | WaitDoubts.FreeHolders | WaitDoubts.Candidates | WaitDoubts.TimeLimits;

    private readonly Func<int, int> _threadsOf;
    private readonly List<WaitResource> _resources = [];
    private readonly SortedDictionary<int, List<(WaitResource Resource, bool HasTimeLimit)>> _waits = [];

    /// <summary>Makes an empty one.</summary>
    /// <param name="threadsOf">How many threads a process has.</param>
    public WaitGraph(Func<int, int> threadsOf) => _threadsOf = threadsOf;

    /// <summary>What is waited for.</summary>
    public IReadOnlyList<WaitResource> Resources => _resources;

    /// <summary>Adds something that is waited for.</summary>
    /// <param name="subject">What it is.</param>
    /// <param name="isComplete">Whether all of its holders will be added.</param>
    /// <param name="hasCandidates">Whether they only may have it.</param>
    public WaitResource Add(object subject, bool isComplete, bool hasCandidates = false)
    {
        WaitResource resource = new(subject, isComplete, hasCandidates);
        _resources.Add(resource);
        return resource;
    }

    /// <summary>Adds one who has something.</summary>
    /// <param name="resource">What.</param>
    /// <param name="processId">Who.</param>
    public static void AddHolder(WaitResource resource, int processId)
    {
        ArgumentNullException.ThrowIfNull(resource);
        resource.HolderSet.Add(processId);
    }

    /// <summary>Adds one who waits.</summary>
    /// <param name="processId">Who.</param>
    /// <param name="resource">For what.</param>
    /// <param name="hasTimeLimit">Whether the wait ends by itself.</param>
    public void AddWait(int processId, WaitResource resource, bool hasTimeLimit = false)
    {
        if (!_waits.TryGetValue(processId, out List<(WaitResource Resource, bool HasTimeLimit)>? waits))
        {
            _waits[processId] = waits = [];
        }

        waits.Add((resource, hasTimeLimit));
    }

    /// <summary>The circles: those without doubt first. One that is part of another, which has more doubts, is told once.</summary>
    public IReadOnlyList<WaitCircle> FindCircles()
    {
        List<WaitCircle> found = [];
        HashSet<int> told = [];
        foreach (WaitDoubts allowed in (ReadOnlySpan<WaitDoubts>)[WaitDoubts.None, Seldom, All])
        {
            HashSet<int> stuck = FindStuck(allowed);
            foreach (List<int> circle in new WaitComponents(pid => Next(pid, stuck, allowed)).Find(stuck))
            {
                if (circle.Exists(pid => !told.Contains(pid)))
                {
                    found.Add(Describe(circle, stuck, allowed));
                }
            }

            foreach (WaitCircle circle in found)
            {
                told.UnionWith(circle.Processes);
            }
        }

        return found;
    }

    /// <summary>The largest set of processes each of which waits for something that only others of it can give.</summary>
    private HashSet<int> FindStuck(WaitDoubts allowed)
    {
        HashSet<int> stuck = [.. _waits.Keys];
        if ((allowed & WaitDoubts.OtherThreads) == 0)
        {
            stuck.RemoveWhere(pid => _threadsOf(pid) != 1);
        }

        Dictionary<int, List<int>> waiters = [];
        foreach ((int pid, List<(WaitResource Resource, bool HasTimeLimit)> waits) in _waits)
        {
            foreach ((WaitResource resource, _) in waits)
            {
                foreach (int holder in resource.HolderSet)
                {
                    if (!waiters.TryGetValue(holder, out List<int>? those))
                    {
                        waiters[holder] = those = [];
                    }

                    those.Add(pid);
                }
            }
        }

        Queue<int> doubtful = new(_waits.Keys);
        while (doubtful.TryDequeue(out int pid))
        {
            if (stuck.Contains(pid) && !_waits[pid].Exists(wait => IsStuck(pid, wait, stuck, allowed)))
            {
                stuck.Remove(pid);
                foreach (int waiter in waiters.GetValueOrDefault(pid) ?? [])
                {
                    doubtful.Enqueue(waiter); // who waits for him may go on, too
                }
            }
        }

        return stuck;
    }

    private bool IsStuck(int pid, in (WaitResource Resource, bool HasTimeLimit) wait, HashSet<int> stuck, WaitDoubts allowed)
    {
        WaitResource resource = wait.Resource;
        if (resource.HolderSet.Count == 0
            || (wait.HasTimeLimit && (allowed & WaitDoubts.TimeLimits) == 0)
            || (!resource.IsComplete && (allowed & WaitDoubts.HiddenHolders) == 0)
            || (resource.HasCandidates && (allowed & WaitDoubts.Candidates) == 0)
            || (resource.HolderSet.Contains(pid) && (resource.HasCandidates || _threadsOf(pid) != 1)))
        {
            return false; // among these: whoever waits for what he has himself has another thread that may give it
        }

        bool isOneEnough = !resource.HasCandidates && (allowed & WaitDoubts.FreeHolders) != 0;
        foreach (int holder in resource.HolderSet)
        {
            if (stuck.Contains(holder) == isOneEnough)
            {
                return isOneEnough;
            }
        }

        return !isOneEnough;
    }

    /// <summary>For whom a process of the set waits.</summary>
    private SortedSet<int> Next(int pid, HashSet<int> stuck, WaitDoubts allowed)
    {
        SortedSet<int> next = [];
        foreach ((WaitResource Resource, bool HasTimeLimit) wait in _waits[pid])
        {
            if (IsStuck(pid, wait, stuck, allowed))
            {
                next.UnionWith(wait.Resource.HolderSet);
            }
        }

        next.IntersectWith(stuck);
        return next;
    }

    private WaitCircle Describe(List<int> circle, HashSet<int> stuck, WaitDoubts allowed)
    {
        circle.Sort();
        WaitDoubts doubts = WaitDoubts.None;
        List<(int, WaitResource)> waits = [];
        foreach (int pid in circle)
        {
            doubts |= _threadsOf(pid) == 1 ? WaitDoubts.None : WaitDoubts.OtherThreads;
            foreach ((WaitResource Resource, bool HasTimeLimit) wait in _waits[pid])
            {
                WaitResource resource = wait.Resource;
                if (!resource.HolderSet.Overlaps(circle) || !IsStuck(pid, wait, stuck, allowed))
                {
                    continue;
                }

                doubts |= (resource.IsComplete ? WaitDoubts.None : WaitDoubts.HiddenHolders)
                    | (resource.HasCandidates ? WaitDoubts.Candidates : WaitDoubts.None)
                    | (wait.HasTimeLimit ? WaitDoubts.TimeLimits : WaitDoubts.None)
                    | (resource.HolderSet.IsSubsetOf(stuck) ? WaitDoubts.None : WaitDoubts.FreeHolders);
                waits.Add((pid, resource));
            }
        }

        return new WaitCircle(circle, waits, doubts);
    }
}
