using System;

namespace PsIpc.Native.Memory;

/// <summary>A layout is none.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="value">With what.</param>
public sealed class MemoryLayoutException(MemoryLayoutFault fault, string value) : FormatException($"{fault}: {value}")
{
    /// <summary>What is wrong.</summary>
    public MemoryLayoutFault Fault { get; } = fault;

    /// <summary>The name or type that is wrong.</summary>
    public string Value { get; } = value;
}
