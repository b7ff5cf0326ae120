using System;
using System.Collections.Generic;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Watching;

/// <summary>What came, went and changed in a System V table since it was last looked at. Objects of other tests come and go meanwhile.</summary>
public sealed class SysVTableImageTests
{
    private readonly List<int> _came = [];
    private readonly List<int> _went = [];
    private readonly List<int> _changed = [];

    private void Update(SysVTableImage image)
    {
        _came.Clear();
        _went.Clear();
        _changed.Clear();
        image.Update(_came, _went, _changed);
    }

    /// <summary>Whether an id is among those that came, went, changed.</summary>
    private (bool Came, bool Went, bool Changed) SeenOf(int id) => (_came.Contains(id), _went.Contains(id), _changed.Contains(id));

    [Fact]
    public void A_queue_comes_changes_and_goes_once()
    {
        SysVTableImage image = new(SysVTable.MessageQueues);
        Update(image);
        int id;
        using (TemporarySysVQueue queue = new())
        {
            id = queue.Queue.Id;
            Update(image);
            Assert.Equal((true, false, false), SeenOf(id));
            Update(image);
            Assert.Equal((false, false, false), SeenOf(id));
            queue.Send(1, [1, 2]);
            Update(image);
            Assert.Equal((false, false, true), SeenOf(id));
            _ = queue.Receive();
            queue.Send(1, [3, 4]);
            Update(image);
            Assert.Equal((false, false, false), SeenOf(id)); // as before: times do not count
            queue.Queue.Set(null, null, 0x1A0, null);
            Update(image);
            Assert.Equal((false, false, true), SeenOf(id));
        }

        Update(image);
        Assert.Equal((false, true, false), SeenOf(id));
        Update(image);
        Assert.Equal((false, false, false), SeenOf(id));
    }

    [Fact]
    public void Another_queue_in_the_same_slot_is_another()
    {
        SysVTableImage image = new(SysVTable.MessageQueues);
        TemporarySysVQueue first = new();
        Update(image);
        first.Dispose();
        using TemporarySysVQueue second = new();
        Update(image);
        Assert.Equal((false, true, false), SeenOf(first.Queue.Id));
        Assert.Equal((true, false, false), SeenOf(second.Queue.Id));
        Assert.NotEqual(first.Queue.Id, second.Queue.Id);
    }

    [Fact]
    public void The_values_of_a_set_count_and_not_who_waits()
    {
        SysVTableImage image = new(SysVTable.Semaphores);
        using TemporarySet set = new(1, 0, 3);
        Update(image);
        Assert.Equal((true, false, false), SeenOf(set.Set.Id));
        set.Operate(Deadline.NoWait, new SemaphoreOperation(2, -1, false));
        Update(image);
        Assert.Equal((false, false, true), SeenOf(set.Set.Id));
        set.Operate(Deadline.NoWait, new SemaphoreOperation(2, 1, false));
        set.Operate(Deadline.NoWait, new SemaphoreOperation(2, -1, false));
        Update(image);
        Assert.Equal((false, false, false), SeenOf(set.Set.Id));
    }

    [Fact]
    public void A_quiet_table_costs_no_memory()
    {
        using TemporarySysVQueue queue = new();
        using TemporarySet set = new(1, 2, 3);
        foreach (SysVTable table in Enum.GetValues<SysVTable>())
        {
            SysVTableImage image = new(table);
            for (int i = 0; i < 100; i++)
            {
                Update(image);
            }

            // Other tests may change the table: of ten times, one is quiet.
            long least = long.MaxValue;
            for (int i = 0; i < 10; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                image.Update(_came, _went, _changed);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, least);
        }
    }
}
