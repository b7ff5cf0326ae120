using System;
using System.Management.Automation;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>Accepts the records of semaphores, of either kind.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateSemaphoreAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not (PosixSemaphore or SysVSemaphore))
        {
            throw new ValidationMetadataException(Sentences.Format("SemaphoreExpected", ("value", arguments)));
        }
    }
}
