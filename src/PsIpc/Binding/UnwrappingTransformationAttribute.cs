using System;
using System.Collections;
using System.Management.Automation;

namespace PsIpc.Binding;

/// <summary>
/// Base of all argument transformations: takes the PSObject off, leaves null and types it does not know alone (another
/// parameter set may know them), and works on every element of an array.
/// </summary>
public abstract class UnwrappingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return Transform(inputData);
        }
        catch (FormatException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    /// <summary>Makes the parameter's value of one argument, already unwrapped; returns unknown types as they came.</summary>
    /// <param name="value">The argument without its PSObject; never null.</param>
    /// <param name="text">The literal as it was typed, where PowerShell kept it; else null.</param>
    /// <param name="wrapped">The argument as PowerShell handed it over.</param>
    /// <exception cref="FormatException">It is of a type that can be meant, but cannot be read; the message is for the user.</exception>
    protected abstract object? Convert(object value, string? text, object wrapped);

    /// <summary>Whether a whole array is one value.</summary>
    protected virtual bool TakesArrays => false;

    private object? Transform(object? input)
    {
        object? value = input is PSObject wrapper ? wrapper.BaseObject : input;
        switch (value)
        {
            case null or PSCustomObject when input is not PSObject:
                return value;
            case null:
                return null;
            case IList list and not byte[] when !TakesArrays:
                object?[] converted = new object?[list.Count];
                for (int i = 0; i < list.Count; i++)
                {
                    converted[i] = Transform(list[i]);
                }

                return converted;
            default:
                return Convert(value, Literal.TextOf(input!), input!);
        }
    }
}
