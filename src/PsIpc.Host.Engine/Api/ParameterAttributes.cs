using System.Collections.Generic;

namespace System.Management.Automation;

/// <summary>Base of the attributes that describe cmdlets and their parameters.</summary>
[AttributeUsage(AttributeTargets.All)]
public abstract class CmdletMetadataAttribute : Attribute;

/// <summary>Base of the attributes that the binder reads.</summary>
[AttributeUsage(AttributeTargets.All)]
public abstract class ParsingBaseAttribute : CmdletMetadataAttribute;

/// <summary>Names a cmdlet, and says what it supports.</summary>
/// <param name="verbName">Its verb.</param>
/// <param name="nounName">Its noun.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CmdletAttribute(string verbName, string nounName) : CmdletMetadataAttribute
{
    /// <summary>Its verb.</summary>
    public string VerbName { get; } = verbName;

    /// <summary>Its noun.</summary>
    public string NounName { get; } = nounName;

    /// <summary>The parameter set to prefer; all sets unless said otherwise.</summary>
    public string DefaultParameterSetName { get; set; } = ParameterAttribute.AllParameterSets;

    /// <summary>Whether it has -WhatIf and -Confirm.</summary>
    public bool SupportsShouldProcess { get; set; }

    /// <summary>How much harm it can do: from High on, the user is asked.</summary>
    public ConfirmImpact ConfirmImpact { get; set; } = ConfirmImpact.Medium;

    /// <summary>Not used here.</summary>
    public bool SupportsPaging { get; set; }

    /// <summary>Not used here.</summary>
    public string? HelpUri { get; set; }
}

/// <summary>Makes a property a parameter, for one parameter set or for all.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = true)]
public sealed class ParameterAttribute : ParsingBaseAttribute
{
    /// <summary>The name that stands for every set.</summary>
    public const string AllParameterSets = "__AllParameterSets";

    /// <summary>Its position among the arguments without a name; int.MinValue when it has none.</summary>
    public int Position { get; set; } = int.MinValue;

    /// <summary>The set it belongs to.</summary>
    public string ParameterSetName { get; set; } = AllParameterSets;

    /// <summary>Whether it must be given.</summary>
    public bool Mandatory { get; set; }

    /// <summary>Whether it takes the objects of the pipeline.</summary>
    public bool ValueFromPipeline { get; set; }

    /// <summary>Whether it takes a property of its name of the objects of the pipeline.</summary>
    public bool ValueFromPipelineByPropertyName { get; set; }

    /// <summary>Whether it takes all arguments that are left over.</summary>
    public bool ValueFromRemainingArguments { get; set; }

    /// <summary>A short help.</summary>
    public string? HelpMessage { get; set; }

    /// <summary>Whether it is left out of completion.</summary>
    public bool DontShow { get; set; }
}

/// <summary>Gives a parameter further names.</summary>
/// <param name="aliasNames">The names.</param>
[AttributeUsage(AttributeTargets.All)]
public sealed class AliasAttribute(params string[] aliasNames) : ParsingBaseAttribute
{
    /// <summary>The names.</summary>
    public IList<string> AliasNames { get; } = aliasNames;
}

/// <summary>Says what a cmdlet emits.</summary>
/// <param name="type">The types.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OutputTypeAttribute(params Type[] type) : CmdletMetadataAttribute
{
    /// <summary>The types.</summary>
    public Type[] Type { get; } = type;

    /// <summary>The parameter sets in which it is so.</summary>
    public string[] ParameterSetName { get; set; } = [];
}

/// <summary>Says that a parameter takes wildcards.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SupportsWildcardsAttribute : ParsingBaseAttribute;

/// <summary>Keeps a member out of listings; tables may show it by its name.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class HiddenAttribute : ParsingBaseAttribute;

/// <summary>Lets a mandatory parameter be null.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowNullAttribute : CmdletMetadataAttribute;

/// <summary>Lets a mandatory parameter be an empty string.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowEmptyStringAttribute : CmdletMetadataAttribute;

/// <summary>Lets a mandatory parameter be an empty array.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowEmptyCollectionAttribute : CmdletMetadataAttribute;

/// <summary>Says who completes a parameter while it is typed; psipc completes nothing.</summary>
/// <param name="type">An <see cref="IArgumentCompleter"/>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ArgumentCompleterAttribute(Type type) : Attribute
{
    /// <summary>The completer.</summary>
    public Type? Type { get; } = type;
}

/// <summary>Changes an argument before it is converted to its parameter's type.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ArgumentTransformationAttribute : CmdletMetadataAttribute
{
    /// <summary>Makes the value of an argument.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">The argument.</param>
    public abstract object? Transform(EngineIntrinsics engineIntrinsics, object? inputData);

    /// <summary>Whether null is transformed as well where the parameter is optional.</summary>
    public virtual bool TransformNullOptionalParameters => true;
}
