table <- read.csv("initiatives-wide.csv", encoding = "UTF-8")

# 1つの事業の、年度ごとの実績と目標
festival <- subset(table, initiative_id == "autumn-fest")
print(festival[c("fiscal_year", "actual", "target", "unit")], row.names = FALSE)

# 額のある最新の年度の決算見込額（千円）を、分野ごとに合計する
settled <- subset(table, !is.na(settlement_thousand_yen))
newest <- subset(settled, fiscal_year == max(fiscal_year))
sums <- aggregate(settlement_thousand_yen ~ area, newest, sum)
print(sums[order(-sums$settlement_thousand_yen), ], row.names = FALSE)
