using System;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native.Posix;

namespace PsIpc.Binding;

/// <summary>Accepts the names that a POSIX semaphore can have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateSemaphoreNameAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        foreach (string name in arguments as string[] ?? [arguments as string ?? ""])
        {
            PosixSemaphoreName.Fault fault = PosixSemaphoreName.Check(name);
            if (fault != PosixSemaphoreName.Fault.None)
            {
                throw new ValidationMetadataException(Sentences.Format("SemaphoreName" + fault, ("value", name)));
            }
        }
    }
}
