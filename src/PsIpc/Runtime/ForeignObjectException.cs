using System;
using System.Management.Automation;
using PsIpc.Errors;

namespace PsIpc.Runtime;

/// <summary>A record is of another boot, machine or namespace: what has its name here may be somebody else's object.</summary>
internal sealed class ForeignObjectException(string where) : Exception(where)
{
    internal ErrorRecord ToErrorRecord(object? target, string name) =>
        Failure.Of("ForeignObject", ErrorCategory.InvalidOperation, target, ("target", name), ("where", Message));
}
