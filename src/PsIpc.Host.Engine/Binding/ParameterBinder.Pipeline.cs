using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>Binds the objects of the pipeline, one after the other.</summary>
internal sealed partial class ParameterBinder
{
    private readonly List<ParameterDescription> _boundFromInput = [];
    private readonly Dictionary<ParameterDescription, object?> _defaults = [];
    private uint _setsBeforeInput = uint.MaxValue;
    private uint _preferredForInput;
    private ParameterDescription? _onlyTaker;
    private uint _setsOfOnlyTaker;

    /// <summary>Binds one object.</summary>
    /// <exception cref="ParameterBindingException">It fits nowhere, is refused, or leaves something missing.</exception>
    internal void BindInput(object? input)
    {
        if (_onlyTaker is not null && TryBindAgain(input))
        {
            return;
        }

        ForgetInput();
        try
        {
            if (!BindInputAnew(input))
            {
                throw BindingFailure.InputNotBound();
            }

            SelectOneSet();
            List<ParameterDescription> missing = FindMissingMandatory(CountOf(_sets), expectsInput: false);
            if (missing.Count > 0)
            {
                throw BindingFailure.InputMissesMandatory(missing);
            }
        }
        catch (ParameterBindingException)
        {
            ForgetInput();
            throw;
        }

        // Where one parameter alone can take input, the next object needs none of the search.
        _onlyTaker = _boundFromInput is [var one] && CountTakers() == 0 ? one : null;
        _setsOfOnlyTaker = _sets;
    }

    private int CountTakers() => _unbound.FindAll(parameter => TakesInput(parameter, _setsBeforeInput)).Count;

    /// <summary>The common case: the parameter that took the last object takes this one as well.</summary>
    private bool TryBindAgain(object? input)
    {
        ParameterDescription parameter = _onlyTaker!;
        object? value = input;
        try
        {
            if (!ValueBinding.TryMake(parameter, ref value, coerces: false))
            {
                return false;
            }
        }
        catch (ParameterBindingException)
        {
            return false; // said again, with all its circumstances, by the search
        }

        Set(parameter, value);
        _values[parameter.Name] = value;
        _sets = _setsOfOnlyTaker;
        return true;
    }

    /// <summary>Takes back what the last object was bound to.</summary>
    private void ForgetInput()
    {
        _onlyTaker = null;
        foreach (ParameterDescription parameter in _boundFromInput)
        {
            Set(parameter, _defaults[parameter]);
            _values.Remove(parameter.Name);
            _unbound.Add(parameter);
        }

        _boundFromInput.Clear();
        _sets = _setsBeforeInput;
    }

    private bool BindInputAnew(object? input)
    {
        bool isBound = _preferredForInput != 0 && BindInputIn(input, _preferredForInput, validates: false);
        if (!isBound)
        {
            isBound = BindInputIn(input, _sets & ~_preferredForInput, validates: true);
        }

        ValidateSets(beforePipeline: false, choosesDefault: true);
        return isBound;
    }

    /// <summary>Fitting types first, conversions after; the default set first in each.</summary>
    private bool BindInputIn(object? input, uint sets, bool validates)
    {
        bool isBound = false;
        foreach (bool coerces in (ReadOnlySpan<bool>)[false, true])
        {
            uint preferred = _description.DefaultSet & sets;
            bool isBoundNow = preferred != 0 && BindInputTo(input, preferred, coerces);
            if (!isBoundNow)
            {
                isBoundNow = BindInputTo(input, sets & ~preferred, coerces);
            }

            if (isBoundNow && validates)
            {
                ValidateSets(beforePipeline: true, choosesDefault: true);
                sets = _sets;
            }

            isBound |= isBoundNow;
        }

        return isBound;
    }

    private bool BindInputTo(object? input, uint sets, bool coerces)
    {
        bool isBound = false;
        for (int i = _unbound.Count - 1; i >= 0; i--)
        {
            ParameterDescription parameter = _unbound[i];
            if (!parameter.TakesPipeline || !TakesInput(parameter, sets))
            {
                continue;
            }

            _defaults.TryAdd(parameter, parameter.GetValue(parameter.IsCommon ? _common : _cmdlet));
            try
            {
                if (Bind(parameter, input, coerces))
                {
                    _boundFromInput.Add(parameter);
                    isBound = true;
                }
            }
            catch (ParameterBindingException e) when (e is not HardBindingException || e.InnerException?.InnerException is PSInvalidCastException)
            {
                // It does not fit here; perhaps elsewhere.
            }
        }

        return isBound;
    }
}
