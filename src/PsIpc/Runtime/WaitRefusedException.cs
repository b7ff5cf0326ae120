using System;
using PsIpc.Native.Waiting;

namespace PsIpc.Runtime;

/// <summary>Something cannot be waited for. Carries the name of the sentence that says why.</summary>
internal sealed class WaitRefusedException(string errorId, string name, WaitCondition? condition) : Exception(errorId)
{
    internal string ErrorId => Message;

    /// <summary>What to call it in the sentence.</summary>
    internal string Name => name;

    /// <summary>What it was to be waited for to become.</summary>
    internal WaitCondition? Condition => condition;
}
