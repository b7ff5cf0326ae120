using System;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Handles;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>
/// Shared memory without a name: what New-SharedMemory -Anonymous emits. Others get it as a descriptor, by inheritance or through a socket; it
/// goes with the last descriptor and mapping. See memfd_create(2).
/// </summary>
public sealed class AnonymousMemory : DescriptorHandle, Columns.IAnonymousMemory
{
    private readonly MemoryObject _memory;

    internal AnonymousMemory(MemoryObject memory, string label)
        : base(memory.Descriptor)
    {
        _memory = memory;
        Label = label;
        HugePages = memory.HasHugePages;
    }

    /// <summary>What /proc shows it as, after "memfd:".</summary>
    public string Label { get; }

    /// <summary>Bytes there are now; null once it is closed.</summary>
    public long? Size => IsClosed ? null : _memory.Length;

    /// <summary>What can never be done with it again: Seal, Shrink, Grow, Write, FutureWrite.</summary>
    public string[] Seals => IsClosed || _memory.Seals is not { } seals ? []
        : [.. Enum.GetValues<MemorySeals>().Where(one => one != MemorySeals.None && seals.HasFlag(one)).Select(one => one.ToString())];

    /// <summary>Whether its pages are huge ones.</summary>
    public bool HugePages { get; }

    string Columns.IAnonymousMemory.SealsText => SealsText;

    internal override string SizeText => HumanSize.Format(Size);

    internal override string HandleText => "AnonymousMemory";

    internal override string StateText => IsClosed ? "Closed" : SealsText;

    internal override string NameText => Visible.Of(Label);

    internal override DescriptorHandle? Of(SafeDescriptor copy) => new AnonymousMemory(MemoryObject.Of(copy), Label);

    private string SealsText => string.Join(", ", Seals);

    /// <summary>Its label and descriptor.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"anonymous memory {Label}{(Descriptor is { } number ? $" (descriptor {number})" : "")}");
}
