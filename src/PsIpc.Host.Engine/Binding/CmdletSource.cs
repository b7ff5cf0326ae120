using System;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>
/// Makes a cmdlet and reaches its parameters, each by its index. Written by the generator, so that psipc needs no reflection, which
/// would take longer than most cmdlets run.
/// </summary>
public abstract class CmdletSource
{
    /// <summary>A new instance of the cmdlet.</summary>
    public abstract Cmdlet Create();

    /// <summary>The type of a parameter.</summary>
    /// <param name="parameter">Its index.</param>
    public abstract Type TypeOf(int parameter);

    /// <summary>The type of the elements of a parameter that is an array; null for any other.</summary>
    /// <param name="parameter">Its index.</param>
    public abstract Type? ElementTypeOf(int parameter);

    /// <summary>The attributes that make its value of an argument.</summary>
    /// <param name="parameter">Its index.</param>
    public abstract ArgumentTransformationAttribute[] TransformationsOf(int parameter);

    /// <summary>The attributes that may refuse a value.</summary>
    /// <param name="parameter">Its index.</param>
    public abstract ValidateArgumentsAttribute[] ValidationsOf(int parameter);

    /// <summary>The value that it has.</summary>
    /// <param name="owner">The cmdlet.</param>
    /// <param name="parameter">Its index.</param>
    public abstract object? Get(object owner, int parameter);

    /// <summary>Gives it a value of its type.</summary>
    /// <param name="owner">The cmdlet.</param>
    /// <param name="parameter">Its index.</param>
    /// <param name="value">The value.</param>
    public abstract void Set(object owner, int parameter, object? value);
}
