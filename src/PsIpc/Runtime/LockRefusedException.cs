using System;

namespace PsIpc.Runtime;

/// <summary>This process has a lock that forbids the one that is asked for.</summary>
/// <param name="errorId">ErrorId, and name of the sentence.</param>
internal sealed class LockRefusedException(string errorId) : Exception(errorId)
{
    internal string ErrorId => Message;
}
