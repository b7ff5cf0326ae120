using System;
using PsIpc.Native.Posix;

namespace PsIpc.Binding;

/// <summary>Accepts the names that a POSIX semaphore can have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateSemaphoreNameAttribute : ValidatePosixNameAttribute
{
    private protected override string Sentence => "SemaphoreName";

    private protected override PosixNameFault Check(string name) => PosixSemaphoreName.Check(name);
}
