namespace DeepNet.Devices;

/// <summary>Specifies what attention computes apart from its operands.</summary>
/// <param name="Scale">The factor of the scores.</param>
/// <param name="IsCausal">True if step i sees no later ones than i.</param>
public readonly record struct AttentionRule(double Scale, bool IsCausal);
