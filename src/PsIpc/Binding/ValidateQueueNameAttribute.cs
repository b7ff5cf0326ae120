using System;
using PsIpc.Native.Posix;

namespace PsIpc.Binding;

/// <summary>Accepts the names that a POSIX message queue can have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateQueueNameAttribute : ValidatePosixNameAttribute
{
    private protected override string Sentence => "QueueName";

    private protected override PosixNameFault Check(string name) => PosixName.Check(name);
}
