using System;
using System.IO;
using System.Management.Automation;
using System.Runtime.InteropServices;
using PsIpc.Errors;
using PsIpc.Runtime;

namespace PsIpc.Binding;

/// <summary>Accepts records of shared memory, views, and whatever has a descriptor.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateSharedMemoryAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        object? bare = arguments is PSObject wrapper ? wrapper.BaseObject : arguments;
        if (bare is not (PosixSharedMemory or SysVSharedMemory or FileMapping or SharedMemoryView or DescriptorHandle or FileStream or SafeHandle or int or long))
        {
            // A picture of a handle or view has no text of its own but that of the object it is of.
            bool isPicture = DeserializedType.Of(arguments)?.StartsWith("PsIpc.", StringComparison.Ordinal) == true;
            throw new ValidationMetadataException(Sentences.Format(isPicture ? "SharedMemoryPicture" : "SharedMemoryExpected", ("value", arguments ?? "$null")));
        }
    }
}
