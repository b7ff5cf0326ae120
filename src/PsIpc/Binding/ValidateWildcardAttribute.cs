using System;
using System.Management.Automation;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>Accepts what PowerShell can match names against; each of several.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateWildcardAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        if (element is not string pattern)
        {
            return; // others refuse it
        }

        try
        {
            new WildcardPattern(pattern).IsMatch(""); // a pattern is not looked at before it is used
        }
        catch (WildcardPatternException)
        {
            throw new ValidationMetadataException(Sentences.Format("PatternRefused", ("value", pattern)));
        }
    }
}
