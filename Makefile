# Each target runs the script of the same purpose in scripts/, which sets up what it needs;
# where make is missing (Windows), run the script itself: README.md names them.

PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help site serve test test-fast validate import lint lock benchmark clean

help: ## この一覧
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

site: ## 準備・検査をして、サイトを site/ に作る
	@$(PYTHON) scripts/build.py

serve: ## サイトを手元で見る（CSVを直すと表示も変わる）
	@$(PYTHON) scripts/serve.py

test: ## 準備をして、全てのテストを行う（ブラウザを使うものも）
	@$(PYTHON) scripts/test.py $(ARGS)

test-fast: ## プロセスもブラウザも使わないテスト
	@$(PYTHON) scripts/test.py --fast $(ARGS)

validate: ## データを検査する（ARGS=--fix で、判断のいらない誤りを直す）
	@$(PYTHON) scripts/validate.py $(ARGS)

import: ## 原資料と data/decisions/ からCSVを書き直す
	@$(PYTHON) scripts/import_sources.py

lint: ## コードの書き方・型・ワークフローを検査する（書き方を直すには make lint ARGS=--fix）
	@$(PYTHON) scripts/lint.py $(ARGS)

lock: ## ライブラリの版を選び直し、requirements/ に書く
	@$(PYTHON) scripts/lock.py

benchmark: ## 件数を増やして、速さと大きさをHugoなどと並べて測る（大きくは make benchmark ARGS=--large）
	@$(PYTHON) scripts/benchmark.py $(ARGS)

clean: ## 作られたものを消す
	rm -rf .venv build site .pytest_cache .ruff_cache .mypy_cache src/*.egg-info
