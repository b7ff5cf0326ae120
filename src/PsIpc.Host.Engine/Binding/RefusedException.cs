using System;

namespace PsIpc.Host.Engine;

/// <summary>Something that PowerShell has and psipc has not; the message names it, and says what to do instead.</summary>
/// <param name="message">The message, for the user.</param>
public sealed class RefusedException(string message) : Exception(message);
