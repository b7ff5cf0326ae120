using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>A cmdlet: its names, its parameters and its parameter sets.</summary>
public sealed class CmdletDescription
{
    private readonly CmdletSource _source;
    private readonly string[] _setNames;

    /// <summary>Describes a cmdlet; the generated catalog does.</summary>
    /// <param name="source">Makes it, and knows its parameters.</param>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its class.</param>
    /// <param name="supportsShouldProcess">Whether it has -WhatIf and -Confirm.</param>
    /// <param name="confirmImpact">How much harm it can do.</param>
    /// <param name="setNames">The names of its parameter sets; the flag of each is the bit of its index.</param>
    /// <param name="defaultSet">The flag of the default set; 0 when it has none.</param>
    /// <param name="parameters">Its own parameters.</param>
    public CmdletDescription(
        CmdletSource source, string name, Type type, bool supportsShouldProcess, ConfirmImpact confirmImpact, string[] setNames, uint defaultSet,
        ParameterDescription[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _source = source;
        _setNames = setNames;
        Info = new CmdletInfo(name, type);
        SupportsShouldProcess = supportsShouldProcess;
        ConfirmImpact = confirmImpact;
        DefaultSet = defaultSet;
        foreach (ParameterDescription parameter in parameters)
        {
            parameter.Attach(source);
        }

        Parameters = [.. parameters, .. CommonParameters.Describe(supportsShouldProcess)];
    }

    /// <summary>Its name and class.</summary>
    public CmdletInfo Info { get; }

    /// <summary>Whether it has -WhatIf and -Confirm.</summary>
    public bool SupportsShouldProcess { get; }

    /// <summary>How much harm it can do.</summary>
    public ConfirmImpact ConfirmImpact { get; }

    /// <summary>Its parameters, then those that all cmdlets have.</summary>
    public IReadOnlyList<ParameterDescription> Parameters { get; }

    /// <summary>The names of its parameter sets.</summary>
    public IReadOnlyList<string> SetNames => _setNames;

    internal uint DefaultSet { get; }

    internal uint AllSets => _setNames.Length == 0 ? 0 : uint.MaxValue >> (32 - _setNames.Length);

    internal Cmdlet CreateInstance() => _source.Create();

    /// <summary>The name of a set; of the default set when all are meant, and empty for several.</summary>
    internal string NameOf(uint sets)
    {
        if (sets is uint.MaxValue or 0)
        {
            return DefaultSet == 0 ? ParameterAttribute.AllParameterSets : NameOf(DefaultSet);
        }

        int index = System.Numerics.BitOperations.TrailingZeroCount(sets);
        return System.Numerics.BitOperations.IsPow2(sets) && index < _setNames.Length ? _setNames[index] : "";
    }

    /// <summary>The parameter of a name, of another of its names, or of an unambiguous beginning; null when there is none.</summary>
    /// <exception cref="ParameterBindingException">Several begin so.</exception>
    internal ParameterDescription? Find(string name)
    {
        if (name.Length > 0 && Letters.IsDash(name[0]))
        {
            name = name[1..];
        }

        List<ParameterDescription> candidates = [];
        foreach (ParameterDescription parameter in Parameters)
        {
            bool begins = parameter.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);
            if (begins && parameter.Name.Length == name.Length)
            {
                return parameter;
            }

            foreach (string alias in parameter.Aliases)
            {
                if (alias.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return parameter;
                }

                begins |= alias.StartsWith(name, StringComparison.OrdinalIgnoreCase);
            }

            if (begins)
            {
                candidates.Add(parameter);
            }
        }

        if (candidates.Count > 1)
        {
            List<ParameterDescription> own = candidates.FindAll(one => !one.IsCommon);
            return own.Count == 1 ? own[0] : throw BindingFailure.Ambiguous(name, candidates);
        }

        return candidates.Count == 1 ? candidates[0] : null;
    }
}
