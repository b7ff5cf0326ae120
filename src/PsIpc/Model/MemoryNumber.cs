using System;
using System.Management.Automation;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>Makes values of a type's own size of what PowerShell has.</summary>
internal static class MemoryNumber
{
    /// <summary>The value; null of what does not fit. Nothing is cut off but what follows the decimal point, which PowerShell rounds.</summary>
    internal static object? Convert(object? value, MemoryType type)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        return bare is null or "" || (bare is not (bool or char or string) && Type.GetTypeCode(bare.GetType()) is < TypeCode.SByte or > TypeCode.Decimal && bare is not System.Numerics.BigInteger)
            ? null
            : LanguagePrimitives.TryConvertTo(bare, type.ClrType, out object? converted) ? converted : null;
    }
}
