namespace PsIpc.Native.Memory;

/// <summary>A field of a layout.</summary>
public sealed record MemoryField
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its values; null of a layout within the layout.</summary>
    public MemoryType? Type { get; init; }

    /// <summary>The layout within the layout; null of plain values.</summary>
    public MemoryLayout? Layout { get; init; }

    /// <summary>How many values it has, one after the other; null of a single one.</summary>
    public int? Count { get; init; }

    /// <summary>Where it begins, in bytes from the beginning of its layout.</summary>
    public required long Offset { get; init; }

    /// <summary>Bytes of one value.</summary>
    public long ElementSize => Type?.Size ?? Layout!.Size;

    /// <summary>Bytes in all.</summary>
    public long Size => ElementSize * (Count ?? 1);

    /// <summary>One of its values, as a field of its own.</summary>
    /// <param name="index">Which, from 0.</param>
    public MemoryField Element(int index) => this with { Name = $"{Name}[{index}]", Count = null, Offset = Offset + (index * ElementSize) };

    /// <summary>Its type as C would write it: int64, char[32], struct[4].</summary>
    public string TypeName => (Type?.Name ?? "struct") + (Count is { } count ? $"[{count}]" : "");
}
