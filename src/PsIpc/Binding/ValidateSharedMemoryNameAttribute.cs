using System;
using PsIpc.Native.Posix;

namespace PsIpc.Binding;

/// <summary>Accepts the names that a POSIX shared memory object can have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateSharedMemoryNameAttribute : ValidatePosixNameAttribute
{
    private protected override string Sentence => "SharedMemoryName";

    private protected override PosixNameFault Check(string name) => PosixName.Check(name);
}
