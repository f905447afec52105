using MathNet.Numerics;

namespace BreakHis.Statistics;

/// <summary>Evidence against equal chances that stays valid however often one looks at it.</summary>
internal static class EValue
{
    /// <summary>
    /// Returns the e-value of wins and losses: how much more probable they are if the chance of a win was drawn uniformly
    /// from 0 to 1 than if it is one half. Without a difference, it exceeds 1/p at any time with a probability of at most p
    /// (Ville 1939; Robbins 1970, Ann. Math. Stat. 41:1397-1409; Howard et al. 2021, Ann. Stat. 49:1055-1080).
    /// </summary>
    public static double OfWins(int wins, int losses) =>
        Math.Exp(
            ((wins + losses) * Math.Log(2))
                + SpecialFunctions.FactorialLn(wins)
                + SpecialFunctions.FactorialLn(losses)
                - SpecialFunctions.FactorialLn(wins + losses + 1)
        );
}
