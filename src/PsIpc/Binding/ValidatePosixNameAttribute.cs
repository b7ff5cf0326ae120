using System;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native.Posix;

namespace PsIpc.Binding;

/// <summary>Accepts the names that a kind of POSIX object can have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ValidatePosixNameAttribute : ValidateArgumentsAttribute
{
    /// <summary>What the names of its sentences begin with.</summary>
    private protected abstract string Sentence { get; }

    /// <summary>Examines a name.</summary>
    private protected abstract PosixNameFault Check(string name);

    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        foreach (string name in arguments as string[] ?? [arguments as string ?? ""])
        {
            PosixNameFault fault = Check(name);
            if (fault != PosixNameFault.None)
            {
                throw new ValidationMetadataException(Sentences.Format(Sentence + fault, ("value", name)));
            }
        }
    }
}
