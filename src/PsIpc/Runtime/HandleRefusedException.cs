using System;

namespace PsIpc.Runtime;

/// <summary>What was given has no descriptor to be used.</summary>
/// <param name="errorId">ErrorId, and name of the sentence.</param>
internal sealed class HandleRefusedException(string errorId) : Exception(errorId)
{
    internal string ErrorId => Message;
}
