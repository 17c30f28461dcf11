namespace DeepNet.Analysis;

/// <summary>Specifies the shapes that the components of a <see cref="GaussianMixture"/> may have.</summary>
public enum MixtureCovariance
{
    /// <summary>Ellipsoids in any direction.</summary>
    Full,

    /// <summary>Ellipsoids along the axes: features are independent within a component.</summary>
    Diagonal,
}
