using System;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native.Posix;

namespace PsIpc.Binding;

/// <summary>Accepts the names that a POSIX message queue can have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateQueueNameAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        foreach (string name in arguments as string[] ?? [arguments as string ?? ""])
        {
            PosixMessageQueueName.Fault fault = PosixMessageQueueName.Check(name);
            if (fault != PosixMessageQueueName.Fault.None)
            {
                throw new ValidationMetadataException(Sentences.Format("QueueName" + fault, ("value", name)));
            }
        }
    }
}
