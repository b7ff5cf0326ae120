using System.Collections.Generic;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Processes;

/// <summary>What to start, and what it gets from its parent.</summary>
public sealed class ProcessStart
{
    /// <summary>Describes a program to start.</summary>
    /// <param name="fileName">The full path of the program.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    public ProcessStart(string fileName, IReadOnlyList<string> arguments)
    {
        FileName = fileName;
        Arguments = arguments;
    }

    /// <summary>The full path of the program.</summary>
    public string FileName { get; }

    /// <summary>Its arguments, without its own name.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>What it is told as its own name (argv[0]); the full path unless said otherwise.</summary>
    public string? Name { get; init; }

    /// <summary>The directory it starts in; null for that of this process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Descriptors that it gets, by the number that each has there. Of this process's own it inherits 0, 1 and 2, unless
    /// they are given here, and nothing else.
    /// </summary>
    public IReadOnlyDictionary<int, SafeDescriptor> Descriptors { get; init; } = new Dictionary<int, SafeDescriptor>();
}
