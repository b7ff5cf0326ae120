using System;
using System.Management.Automation;

namespace PsIpc.Commands;

/// <summary>A semaphore cannot be used as it was asked for.</summary>
/// <param name="record">What the user is told.</param>
internal sealed class SemaphoreRefusedException(ErrorRecord record) : Exception(record.Exception.Message)
{
    internal ErrorRecord Record => record;
}
