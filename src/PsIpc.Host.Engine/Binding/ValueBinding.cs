using System;
using System.Collections;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>Makes the value of a parameter of an argument: transformations, conversion, validation, in that order.</summary>
internal static class ValueBinding
{
    /// <summary>Makes the value.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">The argument; afterwards the value.</param>
    /// <param name="coerces">Whether the argument may be converted to the parameter's type.</param>
    /// <param name="isShellWord">Whether it is an argument of the process.</param>
    /// <returns>False when its type does not fit and it may not be converted.</returns>
    /// <exception cref="ParameterBindingException">It is refused.</exception>
    internal static bool TryMake(ParameterDescription parameter, ref object? value, bool coerces, bool isShellWord = false)
    {
        if (isShellWord && parameter.ElementType is { } element && element != typeof(string) && element != typeof(object) && element != typeof(byte)
            && value is string word && word.Contains(',', StringComparison.Ordinal))
        {
            value = Array.ConvertAll(word.Split(','), object (part) => part);
        }

        foreach (ArgumentTransformationAttribute transformation in parameter.Transformations)
        {
            value = Transform(parameter, transformation, value, coerces);
        }

        if (coerces)
        {
            value = Coerce(parameter, parameter.Type, value);
        }
        else if (!FitsUncoerced(parameter, ref value))
        {
            return false;
        }

        Validate(parameter, value);
        return true;
    }

    private static object? Transform(ParameterDescription parameter, ArgumentTransformationAttribute transformation, object? value, bool coerces)
    {
        if (value is null && !parameter.IsMandatorySomewhere && !parameter.CannotBeNull && !transformation.TransformNullOptionalParameters)
        {
            return null;
        }

        try
        {
            return transformation.Transform(EngineIntrinsics.Instance, value);
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            if (!coerces && (e is PSInvalidCastException || e.InnerException is PSInvalidCastException))
            {
                return value;
            }

            throw BindingFailure.Transformation(parameter, e);
        }
    }

    private static bool FitsUncoerced(ParameterDescription parameter, ref object? value)
    {
        Type type = parameter.Type;
        if (value is null)
        {
            return !type.IsValueType && type != typeof(string);
        }

        if (type.IsInstanceOfType(value))
        {
            return true;
        }

        value = PSObject.Unwrap(value)!;
        if (type.IsInstanceOfType(value))
        {
            return true;
        }

        if (parameter.ElementType is not { } elementType)
        {
            return false;
        }

        // Only arrays whose every element fits already, or one that fits by itself.
        IList list = value as IList ?? new[] { value };
        foreach (object? one in list)
        {
            if (PSObject.Unwrap(one) is { } element && element.GetType() != elementType && !element.GetType().IsSubclassOf(elementType))
            {
                return false;
            }
        }

        value = LanguagePrimitives.ConvertTo(list, type);
        return true;
    }

    private static object? Coerce(ParameterDescription parameter, Type type, object? value)
    {
        if (value is null)
        {
            return type == typeof(bool) ? throw BindingFailure.Forbidden(BindingFailure.NullNotAllowed, parameter)
                : type == typeof(SwitchParameter) ? (object)SwitchParameter.Present
                : null;
        }

        if (type.IsInstanceOfType(value))
        {
            return value;
        }

        if (type == typeof(SwitchParameter) || type == typeof(bool) || type == typeof(bool?))
        {
            return CoerceFlag(parameter, type, PSObject.Unwrap(value)!);
        }

        try
        {
            if (type.IsArray)
            {
                return CoerceArray(parameter, type, value);
            }

            if (PSObject.Unwrap(value) is IList && type != typeof(object) && type != typeof(PSObject) && !type.IsEnum)
            {
                throw new NotSupportedException($"An array is given, and one {type.Name} is wanted.");
            }

            return LanguagePrimitives.ConvertTo(value, type);
        }
        catch (NotSupportedException e)
        {
            throw BindingFailure.CannotConvert(parameter, isScalar: false, e);
        }
        catch (PSInvalidCastException e)
        {
            throw BindingFailure.CannotConvert(parameter, isScalar: true, e);
        }
    }

    private static Array CoerceArray(ParameterDescription parameter, Type type, object value)
    {
        Type elementType = type.GetElementType()!;
        IList list = PSObject.Unwrap(value) as IList ?? new[] { value };
        object?[] elements = new object?[list.Count];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Coerce(parameter, elementType, list[i]);
        }

        return (Array)LanguagePrimitives.ConvertTo(elements, type)!;
    }

    /// <summary>Only truth values and numbers: a string would be true whatever it says.</summary>
    private static object CoerceFlag(ParameterDescription parameter, Type type, object value)
    {
        bool? flag = value switch
        {
            bool truth => truth,
            SwitchParameter other => other.IsPresent,
            _ when LanguagePrimitives.IsNumber(value) => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) != 0,
            _ => null,
        };
        return flag is not { } result
            ? throw BindingFailure.CannotConvert(
                parameter, isScalar: false, new InvalidCastException($"\"{LanguagePrimitives.TextOf(value)}\" is neither $true nor $false, nor a number."))
            : type == typeof(SwitchParameter) ? (object)new SwitchParameter(result) : result;
    }

    private static void Validate(ParameterDescription parameter, object? value)
    {
        foreach (ValidateArgumentsAttribute validation in parameter.Validations)
        {
            try
            {
                validation.Check(value);
            }
            catch (Exception e) when (e is not PipelineStoppedException)
            {
                throw BindingFailure.Validation(parameter, e);
            }
        }

        if (parameter.IsMandatorySomewhere)
        {
            CheckNullOrEmpty(parameter, parameter.Type, value, isWhole: true);
        }
    }

    private static void CheckNullOrEmpty(ParameterDescription parameter, Type type, object? value, bool isWhole)
    {
        if (value is null)
        {
            if (!parameter.AllowsNull && type != typeof(bool?))
            {
                throw BindingFailure.Forbidden(BindingFailure.NullNotAllowed, parameter);
            }

            return;
        }

        if (type == typeof(string))
        {
            if (value is string { Length: 0 } && !parameter.AllowsEmptyString)
            {
                throw BindingFailure.Forbidden(BindingFailure.EmptyStringNotAllowed, parameter);
            }

            return;
        }

        if (!isWhole || parameter.ElementType is not { } elementType || value is not IList list)
        {
            return;
        }

        if (list.Count == 0 && !parameter.AllowsEmptyCollection)
        {
            throw BindingFailure.Forbidden(BindingFailure.EmptyArrayNotAllowed, parameter);
        }

        for (int i = 0; i < list.Count && !elementType.IsValueType; i++)
        {
            CheckNullOrEmpty(parameter, elementType, list[i], isWhole: false);
        }
    }
}
