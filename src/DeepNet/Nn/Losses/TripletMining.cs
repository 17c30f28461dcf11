namespace DeepNet.Nn;

/// <summary>Specifies which triplets of a batch are compared.</summary>
public enum TripletMining
{
    /// <summary>For each anchor its farthest positive and its nearest negative (Hermans et al. 2017).</summary>
    Hard,

    /// <summary>
    /// For each anchor and positive the nearest of the negatives that are farther than the positive; where there is none, the farthest of
    /// all negatives (Schroff et al. 2015). Takes memory for all triplets.
    /// </summary>
    SemiHard,

    /// <summary>
    /// All; their mean is over those that cost something, because the others would soon outweigh them. Takes memory for all triplets.
    /// </summary>
    All,
}
