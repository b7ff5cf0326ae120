using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Numerics;

namespace PsIpc.Host.Engine;

/// <summary>
/// Gives the parameters of one cmdlet their values, from the command line and from the pipeline, by PowerShell's rules:
/// names first, then positions, the default parameter set before the others, fitting types before conversions.
/// </summary>
/// <remarks>A set of parameter sets is a bit mask; all bits mean that nothing has been said about it yet.</remarks>
internal sealed partial class ParameterBinder
{
    private readonly CmdletDescription _description;
    private readonly Cmdlet _cmdlet;
    private readonly CommonParameters _common;
    private readonly Dictionary<string, object?> _values;
    private readonly List<ParameterDescription> _unbound;
    private uint _sets = uint.MaxValue;

    internal ParameterBinder(CmdletDescription description, Cmdlet cmdlet, CommonParameters common, InvocationInfo invocation)
    {
        (_description, _cmdlet, _common, _values) = (description, cmdlet, common, invocation.BoundParameters);
        _unbound = [.. description.Parameters];
        SetName = description.NameOf(uint.MaxValue);
    }

    /// <summary>The parameter set that was chosen, as far as it is known.</summary>
    internal string SetName { get; private set; }

    /// <summary>Binds the arguments of the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="expectsInput">Whether objects will come from the pipeline.</param>
    internal void BindCommandLine(IReadOnlyList<CommandArgument> arguments, bool expectsInput)
    {
        List<CommandArgument> rest = BindNamed(PairNamesWithValues(arguments));
        rest = BindPositional(rest, out ParameterBindingException? failure);
        ValidateSets(beforePipeline: true, choosesDefault: false);
        CheckAllUsed(rest, failure);

        int valid = ValidateSets(expectsInput, choosesDefault: !expectsInput);
        if (valid > 1 && expectsInput && SetsThatTakeInput() is var taking && taking != _sets)
        {
            _sets = taking;
            valid = ValidateSets(beforePipeline: true, choosesDefault: false);
        }

        List<ParameterDescription> missing = FindMissingMandatory(valid, expectsInput);
        if (missing.Count > 0)
        {
            throw BindingFailure.MissingMandatory(missing);
        }

        if (!expectsInput)
        {
            SelectOneSet();
        }

        _setsBeforeInput = _sets;
    }

    /// <summary>A name takes the value after it, unless it is a switch or has one already.</summary>
    private List<CommandArgument> PairNamesWithValues(IReadOnlyList<CommandArgument> arguments)
    {
        List<CommandArgument> result = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            CommandArgument argument = arguments[i];
            result.Add(argument);
            if (argument.Name is null || argument.HasValue || _description.Find(argument.Name) is not { } parameter)
            {
                continue;
            }

            if (parameter.IsSwitch)
            {
                argument.SetValue(SwitchParameter.Present, isShellWord: false);
                continue;
            }

            CommandArgument next = i + 1 < arguments.Count ? arguments[++i] : throw BindingFailure.MissingArgument(parameter);
            if (next.Name is null)
            {
                argument.SetValue(next.Value, next.IsShellWord);
            }
            else if (next.HasValue || _description.Find(next.Name) is not null)
            {
                throw BindingFailure.MissingArgument(parameter);
            }
            else
            {
                argument.SetValue(next.NameText, isShellWord: false); // it looks like a name, but no parameter has it
            }

            argument.Name = parameter.Name;
        }

        return result;
    }

    private List<CommandArgument> BindNamed(List<CommandArgument> arguments)
    {
        List<CommandArgument> rest = [];
        foreach (CommandArgument argument in arguments)
        {
            if (argument.Name is null || _description.Find(argument.Name) is not { } parameter)
            {
                rest.Add(argument);
                continue;
            }

            if (_values.ContainsKey(parameter.Name))
            {
                throw BindingFailure.BoundTwice(parameter);
            }

            Bind(parameter, argument.Value, coerces: true, argument.IsShellWord);
        }

        return rest;
    }

    private List<CommandArgument> BindPositional(List<CommandArgument> arguments, out ParameterBindingException? failure)
    {
        failure = null;
        List<CommandArgument> rest = [];
        int next = 0;
        foreach (int position in Positions())
        {
            List<ParameterDescription> candidates = _unbound.FindAll(parameter => HasPosition(parameter, position, _sets));
            if (candidates.Count == 0)
            {
                continue;
            }

            // A name that no parameter has goes over the value after it.
            while (next < arguments.Count && arguments[next].Name is not null)
            {
                rest.Add(arguments[next++]);
                if (next < arguments.Count && arguments[next].Name is null)
                {
                    rest.Add(arguments[next++]);
                }
            }

            if (next == arguments.Count)
            {
                break;
            }

            CommandArgument argument = arguments[next++];
            uint preferred = _description.DefaultSet & _sets;
            bool isBound = (preferred != 0 && TryPositional(candidates, position, argument, preferred, coerces: false, ref failure))
                || TryPositional(candidates, position, argument, _sets, coerces: false, ref failure)
                || (preferred != 0 && TryPositional(candidates, position, argument, preferred, coerces: true, ref failure))
                || TryPositional(candidates, position, argument, _sets, coerces: true, ref failure);
            if (!isBound)
            {
                rest.Add(argument);
            }
        }

        rest.AddRange(arguments[next..]);
        return rest;
    }

    private List<int> Positions()
    {
        List<int> positions = [];
        foreach (ParameterDescription parameter in _unbound)
        {
            foreach (ParameterSetData data in parameter.Sets)
            {
                if (data.Position != int.MinValue && data.IsIn(_sets) && !positions.Contains(data.Position))
                {
                    positions.Add(data.Position);
                }
            }
        }

        positions.Sort();
        return positions;
    }

    private static bool HasPosition(ParameterDescription parameter, int position, uint sets)
    {
        foreach (ParameterSetData data in parameter.Sets)
        {
            if (data.Position == position && data.IsIn(sets))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryPositional(
        List<ParameterDescription> candidates, int position, CommandArgument argument, uint sets, bool coerces, ref ParameterBindingException? failure)
    {
        bool isBound = false;
        failure = null;
        foreach (ParameterDescription parameter in candidates)
        {
            if (!HasPosition(parameter, position, sets))
            {
                continue;
            }

            try
            {
                isBound |= Bind(parameter, argument.Value, coerces, argument.IsShellWord);
            }
            catch (ParameterBindingException e) when (e is not HardBindingException)
            {
                failure = e;
            }
        }

        return isBound;
    }

    private static void CheckAllUsed(List<CommandArgument> rest, ParameterBindingException? failure)
    {
        if (rest.Count > 0)
        {
            throw rest[0].Name is { } name ? BindingFailure.NotFound(name) : failure ?? BindingFailure.NotPositional(rest[0].Value);
        }
    }

    private bool Bind(ParameterDescription parameter, object? value, bool coerces, bool isShellWord = false)
    {
        if (!ValueBinding.TryMake(parameter, ref value, coerces, isShellWord))
        {
            return false;
        }

        Set(parameter, value);
        _values[parameter.Name] = value;
        if (parameter.SetFlags != 0)
        {
            _sets &= parameter.SetFlags;
        }

        _unbound.Remove(parameter);
        return true;
    }

    private void Set(ParameterDescription parameter, object? value)
    {
        try
        {
            parameter.SetValue(parameter.IsCommon ? _common : _cmdlet, value);
        }
        catch (Exception e) when (e is not RefusedException)
        {
            throw BindingFailure.SetFailed(parameter, e);
        }
    }

    /// <summary>How many parameter sets are still possible; none, or too many to wait for the pipeline with, is an error.</summary>
    private int ValidateSets(bool beforePipeline, bool choosesDefault)
    {
        int valid = CountOf(_sets);
        uint preferred = _description.DefaultSet;
        if (valid == 0)
        {
            throw BindingFailure.AmbiguousSet();
        }

        if (valid == 1)
        {
            SetName = _description.NameOf(_sets);
            return valid;
        }

        if (_sets == uint.MaxValue && beforePipeline && AnyTakesInput(_sets))
        {
            SetName = _description.NameOf(_sets);
            return valid;
        }

        if ((_sets & preferred) != 0)
        {
            SetName = _description.NameOf(preferred);
            if (choosesDefault)
            {
                _sets = preferred;
                valid = 1;
            }

            return valid;
        }

        return beforePipeline && AnyTakesInput(_sets) ? valid : ResolveByMandatory();
    }

    /// <summary>The one set that misses nothing, when there is no default to fall back on.</summary>
    private int ResolveByMandatory()
    {
        uint complete = _sets & _description.AllSets;
        foreach (ParameterDescription parameter in _unbound)
        {
            foreach (ParameterSetData data in parameter.Sets)
            {
                complete &= data.IsMandatory ? ~data.Flag : uint.MaxValue;
            }
        }

        if (CountOf(complete) != 1)
        {
            throw BindingFailure.AmbiguousSet();
        }

        _sets = complete;
        SetName = _description.NameOf(_sets);
        return 1;
    }

    private void SelectOneSet()
    {
        if (_description.SetNames.Count > 1 && _sets == uint.MaxValue)
        {
            _sets = _description.DefaultSet != 0 ? _description.DefaultSet : throw BindingFailure.AmbiguousSet();
        }

        SetName = _description.NameOf(_sets);
    }

    private uint SetsThatTakeInput()
    {
        uint taking = 0;
        foreach (ParameterDescription parameter in _unbound)
        {
            foreach (ParameterSetData data in parameter.Sets)
            {
                if (data.FromPipeline && data.IsIn(_sets))
                {
                    if (data.IsInAllSets)
                    {
                        return _sets;
                    }

                    taking |= data.Flag;
                }
            }
        }

        return taking == 0 ? _sets : _sets & taking;
    }

    private bool AnyTakesInput(uint sets) => _unbound.Exists(parameter => TakesInput(parameter, sets));

    private static bool TakesInput(ParameterDescription parameter, uint sets)
    {
        foreach (ParameterSetData data in parameter.Sets)
        {
            if (data.FromPipeline && data.IsIn(sets))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sets that exist among some; a cmdlet without named sets has one.</summary>
    private int CountOf(uint sets) => _description.SetNames.Count == 0 ? 1 : BitOperations.PopCount(sets & _description.AllSets);
}
